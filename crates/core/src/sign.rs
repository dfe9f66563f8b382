//! Sign: quoted evidence that a person looks at.
