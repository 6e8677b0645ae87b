using Monolith.BuildingBlocks.Tests.Sample;

// One PostgreSQL, one Kafka and one Elasticsearch for all; each test has a database, topics and indexes of its own, so that classes run side by side.
[assembly: AssemblyFixture(typeof(TestPostgres))]
[assembly: AssemblyFixture(typeof(TestKafka))]
[assembly: AssemblyFixture(typeof(TestElasticsearch))]
