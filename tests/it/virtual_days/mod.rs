//! Sixty virtual days with faults: the ledger is the judge.
