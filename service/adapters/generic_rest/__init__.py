"""Records over REST, plain JSON or OData 4, for systems without a connector of their own."""
