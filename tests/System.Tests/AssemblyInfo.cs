using Monolith.System.Tests.Sites;
using Monolith.Testing;
using Xunit.Sdk;
using Xunit.v3;

// Two at a time keep two processors busy, and deadlines have to hold on machines half as fast too.
[assembly: Parallelization(Mode = ParallelMode.Collections, MaxThreads = 2)]
[assembly: TestCollectionOrderer(typeof(TurnsFirst))]
[assembly: AssemblyFixture(typeof(Servers))]
