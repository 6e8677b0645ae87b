using Monolith.BuildingBlocks.Tests.Sample;
using Monolith.Testing;
using Monolith.Testing.Processes;
using Xunit.Sdk;
using Xunit.v3;

// One PostgreSQL, one Kafka and one Elasticsearch for all; each test has a database, topics and indexes of its own, so that classes run side by side. They wait for servers half of the time.
[assembly: Parallelization(Mode = ParallelMode.Collections, MaxThreads = 3)]
[assembly: TestCollectionOrderer(typeof(TurnsFirst))]
[assembly: AssemblyFixture(typeof(TestPostgres))]
[assembly: AssemblyFixture(typeof(TestKafka))]
[assembly: AssemblyFixture(typeof(TestElasticsearch))]
