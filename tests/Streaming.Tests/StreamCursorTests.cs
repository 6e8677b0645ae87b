using System.Buffers.Text;
using CsCheck;
using Monolith.BuildingBlocks.Streaming.Cursors;

namespace Monolith.Streaming.Tests;

[Trait("Category", "Unit")]
public sealed class StreamCursorTests
{
    private static readonly LogLayout Layout = new(new Dictionary<string, int> { ["shop.events"] = 32, ["depot.events"] = 32 });

    [Fact]
    public void Vector_of_any_layout_round_trips()
    {
        var layouts = Gen.Int[1, 70].List[1, 4].Select(partitions => new LogLayout(
            partitions.Select((count, log) => (log, count)).ToDictionary(entry => $"log{entry.log}.events", entry => entry.count)));
        var offsets = Gen.OneOf(Gen.Long[0, 100], Gen.Long[0, 1_000_000], Gen.Long[0, long.MaxValue]);
        layouts.SelectMany(layout => offsets.Array[layout.Partitions.Count].Select(vector => (layout, vector))).Sample(given =>
        {
            var logs = StreamCursor.Decode(StreamCursor.Encode(given.layout, given.vector)).ShouldNotBeNull();
            given.layout.Logs.SelectMany(log => logs[log.Tag]).ShouldBe(given.vector);
        });
    }

    [Fact]
    public void Cursor_of_a_million_events_has_at_most_140_characters()
    {
        // The number of events per partition with the usual spread of a hash.
        var random = new Random(7);
        long[] vector = [.. Layout.Partitions.Select(_ => 15_625L + random.Next(-250, 250))];

        StreamCursor.Encode(Layout, vector).Length.ShouldBeLessThanOrEqualTo(140);
    }

    [Fact]
    public void Changed_cursor_is_refused()
    {
        var cursor = StreamCursor.Encode(Layout, [.. Enumerable.Range(0, 64).Select(partition => partition * 1_000L)]);
        for (var at = 0; at < cursor.Length; at++)
        {
            var changed = cursor.ToCharArray();
            changed[at] = changed[at] == 'A' ? 'B' : 'A';
            // The last character has unused bits, so that a change may decode to the same bytes.
            if (Base64Url.IsValid(changed) && !Base64Url.DecodeFromChars(changed).AsSpan().SequenceEqual(Base64Url.DecodeFromChars(cursor)))
                StreamCursor.Decode(new string(changed)).ShouldBeNull($"character {at}");
            StreamCursor.Decode(cursor[..at]).ShouldBeNull($"cut at {at}");
        }

        StreamCursor.Decode(cursor + "AAAA").ShouldBeNull();
    }

    [Theory, InlineData("x"), InlineData("not a cursor"), InlineData("AQ"), InlineData("AQAAAAA"), InlineData("🙂")]
    public void Text_that_is_not_a_cursor_is_refused(string text) => StreamCursor.Decode(text).ShouldBeNull();

    [Fact]
    public void Random_bytes_are_decoded_without_an_exception() =>
        Gen.Byte.Array[0, 300].Sample(bytes => StreamCursor.Decode(Base64Url.EncodeToString(bytes)) is null or { Count: >= 0 });

    [Fact]
    public void Tag_of_a_log_never_changes()
    {
        // Clients keep cursors across upgrades.
        Layout.Logs.Select(log => (log.Name, log.Tag)).ShouldBe([("depot.events", 3600311846U), ("shop.events", 1455348933U)]);
    }
}
