using Monolith.System.Tests.Sites;
using Xunit.Sdk;
using Xunit.v3;

// Systems wait more than they work: for brokers, elections, leases. Two at a time.
[assembly: Parallelization(Mode = ParallelMode.Collections, MaxThreads = 2)]
[assembly: AssemblyFixture(typeof(Servers))]
