using Monolith.Testing.Events;
using Xunit.Sdk;
using Xunit.v3;

// Tests share servers, but each has a separate database, topics and indexes. They wait for servers half of the time.
[assembly: Parallelization(Mode = ParallelMode.Collections, MaxThreads = 3)]
[assembly: AssemblyFixture(typeof(TestPostgres))]
