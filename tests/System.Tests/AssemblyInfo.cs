using Monolith.System.Tests.Sites;
using Monolith.Testing;
using Xunit.Sdk;
using Xunit.v3;

// Systems wait more than they work: for brokers, elections, leases. Three at a time, on two processors.
[assembly: Parallelization(Mode = ParallelMode.Collections, MaxThreads = 3)]
[assembly: TestCollectionOrderer(typeof(TurnsFirst))]
[assembly: AssemblyFixture(typeof(Servers))]
