//! Delivery: one message to one address through one provider.
