"""What every connector does alike: the person compared, the fixed sentences, the digests, the findings of a check."""
