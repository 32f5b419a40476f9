"""The ground floor: compiled loops, arrays in and arrays out. numpy and numba, nothing else."""
