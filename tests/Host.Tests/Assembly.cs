using Monolith.Host.Tests.OpenApi;
using Xunit.Sdk;
using Xunit.v3;

// One host for all tests; they run sequentially, because some change state that others read.
[assembly: AssemblyFixture(typeof(OpenHost))]
[assembly: Parallelization(Mode = ParallelMode.None)]
