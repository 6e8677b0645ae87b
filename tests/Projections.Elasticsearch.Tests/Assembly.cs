using Monolith.Testing;
using Monolith.Testing.Processes;
using Xunit.Sdk;
using Xunit.v3;

// Tests share servers, but each has a separate database, topics and indexes. They wait for servers half of the time.
[assembly: Parallelization(Mode = ParallelMode.Collections, MaxThreads = 3)]
[assembly: TestCollectionOrderer(typeof(TurnsFirst))]
[assembly: AssemblyFixture(typeof(TestElasticsearch))]
