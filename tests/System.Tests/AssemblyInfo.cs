using Monolith.System.Tests.Sites;
using Xunit.Sdk;
using Xunit.v3;

// Two cores: one system at a time.
[assembly: Parallelization(Mode = ParallelMode.None)]
[assembly: AssemblyFixture(typeof(Servers))]
