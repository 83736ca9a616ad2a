"""What is true of a community: kinds, flows, rights. Pure: no SQL, no Qt, no network."""
