using Monolith.BuildingBlocks.Tests.Sample;

// One PostgreSQL and one Kafka for all; each test has a database and topics of its own, so that classes run side by side.
[assembly: AssemblyFixture(typeof(TestPostgres))]
[assembly: AssemblyFixture(typeof(TestKafka))]
