using Xunit.Sdk;
using Xunit.v3;

// Each test has files and a host of its own, and the machine few cores.
[assembly: Parallelization(Mode = ParallelMode.None)]
