using Monolith.Testing.Processes;

// One Elasticsearch for all, started with the first test that wants it.
[assembly: AssemblyFixture(typeof(TestElasticsearch))]
