using Monolith.Customers.Tests.Module;
using Xunit.Sdk;
using Xunit.v3;

// One database for all: a test empties it before it starts.
[assembly: AssemblyFixture(typeof(CustomersFixture))]
[assembly: Parallelization(Mode = ParallelMode.None)]
