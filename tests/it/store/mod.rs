//! One store suite on SQLite and PostgreSQL.
