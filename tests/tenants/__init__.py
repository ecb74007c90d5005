"""Every address by everybody: what one authority may not see must look like what is not there."""
