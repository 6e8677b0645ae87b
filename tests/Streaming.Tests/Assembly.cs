using Monolith.Testing.Events;
using Xunit.Sdk;
using Xunit.v3;

// Servers are shared; each test has a database, topics and indexes of its own. Tests wait for servers half of the time.
[assembly: Parallelization(Mode = ParallelMode.Collections, MaxThreads = 3)]
[assembly: AssemblyFixture(typeof(TestPostgres))]
