using Monolith.Testing.Processes;

// All tests share one Elasticsearch, which starts with the first test that needs it.
[assembly: AssemblyFixture(typeof(TestElasticsearch))]
