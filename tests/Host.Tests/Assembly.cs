using Monolith.Host.Tests.OpenApi;
using Xunit.Sdk;
using Xunit.v3;

// The host, once for all tests that ask it; some of them change what others would see.
[assembly: AssemblyFixture(typeof(OpenHost))]
[assembly: Parallelization(Mode = ParallelMode.None)]
