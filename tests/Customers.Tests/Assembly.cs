using Monolith.Customers.Tests.Module;
using Xunit.Sdk;
using Xunit.v3;

// All tests share one database, which each test empties at its start.
[assembly: AssemblyFixture(typeof(CustomersFixture))]
[assembly: Parallelization(Mode = ParallelMode.None)]
