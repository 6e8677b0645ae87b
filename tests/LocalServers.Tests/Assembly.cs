using Xunit.Sdk;
using Xunit.v3;

// Each test starts its own servers and mostly waits for them.
[assembly: Parallelization(Mode = ParallelMode.Collections, MaxThreads = 3)]
