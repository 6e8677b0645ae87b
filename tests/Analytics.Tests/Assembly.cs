using Xunit.Sdk;
using Xunit.v3;

// Each test has its own files and host, and the machine has few cores.
[assembly: Parallelization(Mode = ParallelMode.None)]
