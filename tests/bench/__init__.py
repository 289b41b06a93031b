"""The benchmarks (`make bench`): what the speed promises of tminus are measured with."""
