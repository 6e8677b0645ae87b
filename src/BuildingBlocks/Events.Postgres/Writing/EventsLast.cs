using Microsoft.EntityFrameworkCore.Update;
using Microsoft.EntityFrameworkCore.Update.Internal;

namespace Monolith.BuildingBlocks.Events.Postgres.Writing;

/// <summary>
/// Orders the statements of one save so that those into the log come last: the first of them takes the partition's counter, which every other writer of the
/// partition then waits for until the commit.
/// </summary>
#pragma warning disable EF1001 // EF Core registers this comparer as a service to be replaced; only the default that it falls back to is internal.
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
