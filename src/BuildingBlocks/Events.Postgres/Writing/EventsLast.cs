using Microsoft.EntityFrameworkCore.Update;
using Microsoft.EntityFrameworkCore.Update.Internal;

namespace Monolith.BuildingBlocks.Events.Postgres.Writing;

/// <summary>
/// Orders the statements of one save so that inserts into the log come last: the first of them locks the counter of the partition, and
/// every other writer of the partition waits for it until the commit.
/// </summary>
#pragma warning disable EF1001 // The comparer is a replaceable service of EF Core; only its default implementation is internal.
internal sealed class EventsLast : IComparer<IReadOnlyModificationCommand>
{
    private readonly ModificationCommandComparer inner = new();

    public int Compare(IReadOnlyModificationCommand? x, IReadOnlyModificationCommand? y)
    {
        var order = IsEvent(x).CompareTo(IsEvent(y));
        return order != 0 ? order : inner.Compare(x, y);
    }

    private static bool IsEvent(IReadOnlyModificationCommand? command) => command?.TableName == EventRowMapping.Table;
}
#pragma warning restore EF1001
