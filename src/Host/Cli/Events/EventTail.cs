using System.Runtime.CompilerServices;
using System.Text.Json;
using Monolith.Host.Cli.Admin;

namespace Monolith.Host.Cli.Events;

/// <summary>
/// Follows the logs by offset, from their heads on. The cursor says what was read, so that a restart of the host or a broken connection
/// neither loses nor repeats an event.
/// </summary>
internal sealed class EventTail(AdminClient client, IReadOnlyList<(string Name, string? Value)> filter)
{
    private const string PageSize = "200";

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    public async IAsyncEnumerable<(JsonElement Document, EventEntry Event)> FollowAsync([EnumeratorCancellation] CancellationToken stop)
    {
        var page = await ReadAsync(after: null, stop);
        using var pause = new PeriodicTimer(Poll);
        while (page.More || await pause.WaitForNextTickAsync(stop))
        {
            var after = Paging.CursorOf(page.Next);
            page = await HostWaitTimeout.AskAsync(() => ReadAsync(after, stop), stop);
            foreach (var document in page.Items)
                yield return (document, document.Deserialize(HistoryJson.Web.EventEntry)!);
        }
    }

    private async Task<EventTailPage> ReadAsync(string? after, CancellationToken stop)
    {
        var query = QueryText.Of([.. filter, ("limit", PageSize), ("after", after)]);
        return (await client.GetAsync($"events/tail{query}", HistoryJson.Web.EventTailPage, stop)).Value;
    }
}
