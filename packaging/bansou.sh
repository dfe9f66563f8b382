#!/bin/sh
# For root's hands: runs the program as its service does, with its user, configuration and file modes. Install it as
# /usr/local/sbin/bansou, which stands before /usr/local/bin in root's PATH. Files are named by their whole path.
umask 077
exec runuser -u bansou -- /usr/local/bin/bansou --config /etc/bansou/bansou.toml "$@"
