using Monolith.System.Tests.Hosting;
using Monolith.Testing;
using Xunit.Sdk;
using Xunit.v3;

// Two tests at a time use two processors fully. Deadlines must also hold on machines half as fast.
[assembly: Parallelization(Mode = ParallelMode.Collections, MaxThreads = 2)]
[assembly: TestCollectionOrderer(typeof(TurnsFirst))]
[assembly: AssemblyFixture(typeof(Servers))]
