using Monolith.System.Tests.Hosting;
using Monolith.Testing;
using Xunit.Sdk;
using Xunit.v3;

// The chaos test mostly waits for faults to end: next to it, two tests use two processors fully. Deadlines hold on slower machines.
[assembly: Parallelization(Mode = ParallelMode.Collections, MaxThreads = 3)]
[assembly: TestCollectionOrderer(typeof(TurnsFirst))]
[assembly: AssemblyFixture(typeof(Servers))]
