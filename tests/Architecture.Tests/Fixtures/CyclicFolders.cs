#pragma warning disable CA1812, IDE0130 // Types whose namespaces depend on each other in circles on purpose.
namespace Monolith.Architecture.Tests.Fixtures.CyclicFolders
{
    internal sealed class Root
    {
        public Sub.UsesRoot? Sub { get; init; }
    }
}

namespace Monolith.Architecture.Tests.Fixtures.CyclicFolders.Sub
{
    internal sealed class UsesRoot
    {
        public Root? Root { get; init; }
    }
}

namespace Monolith.Architecture.Tests.Fixtures.CyclicFolders.First
{
    internal sealed class UsesSecond
    {
        public override string ToString() => new Second.UsesThird().ToString()!;
    }
}

namespace Monolith.Architecture.Tests.Fixtures.CyclicFolders.Second
{
    internal sealed class UsesThird
    {
        public Third.UsesFirst? Third { get; init; }
    }
}

namespace Monolith.Architecture.Tests.Fixtures.CyclicFolders.Third
{
    internal sealed class UsesFirst
    {
        public First.UsesSecond? First { get; init; }
    }
}

namespace Monolith.Architecture.Tests.Fixtures.CyclicFolders.Leaf
{
    internal sealed class UsesSub
    {
        public Sub.UsesRoot? Sub { get; init; }
    }
}
