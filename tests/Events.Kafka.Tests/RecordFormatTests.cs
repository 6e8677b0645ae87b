using System.Text;
using Confluent.Kafka;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Kafka;

namespace Monolith.Events.Kafka.Tests;

[Trait("Category", "Unit")]
public sealed class RecordFormatTests
{
    private static readonly LogRecord Full = new()
    {
        Log = "shop.events",
        Partition = 3,
        Offset = 41,
        EventId = Guid.Parse("0191d5c8-7f3a-7000-8000-000000000001"),
        StreamId = Guid.Parse("3f2504e0-4f89-41d3-9a0c-0305e82c3301"),
        StreamVersion = 7,
        Type = "shop.counted.v1",
        Data = Encoding.UTF8.GetBytes("""{ "by" : 1.50, "by":2 }"""),
        OccurredAt = new DateTimeOffset(2026, 1, 31, 9, 30, 0, TimeSpan.Zero).AddTicks(1_234_560),
        Actor = "Zoë 😀",
        CorrelationId = Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8057"),
        CausationId = Guid.Parse("c56a4180-65aa-42ec-a945-5fd21dec0538"),
        TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    };

    [Fact]
    public void Record_is_a_CloudEvent_in_binary_mode()
    {
        var message = RecordFormat.MessageOf(Full);

        Encoding.UTF8.GetString(message.Key).ShouldBe("3f2504e0-4f89-41d3-9a0c-0305e82c3301");
        message.Value.ShouldBe(Full.Data.ToArray());
        message.Headers.ToDictionary(header => header.Key, header => Encoding.UTF8.GetString(header.GetValueBytes())).ShouldBe(
            new Dictionary<string, string>
            {
                ["ce_specversion"] = "1.0",
                ["ce_id"] = "0191d5c8-7f3a-7000-8000-000000000001",
                ["ce_source"] = "/shop",
                ["ce_type"] = "shop.counted.v1",
                ["ce_time"] = "2026-01-31T09:30:00.123456Z",
                ["ce_subject"] = "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
                ["ce_sequence"] = "41",
                ["ce_streamversion"] = "7",
                ["ce_actor"] = "Zoë 😀",
                ["ce_correlationid"] = "01890a5d-ac96-774b-bcce-b302099a8057",
                ["ce_causationid"] = "c56a4180-65aa-42ec-a945-5fd21dec0538",
                ["traceparent"] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                ["content-type"] = "application/json",
            },
            ignoreOrder: true);
    }

    [Fact]
    public void Written_record_is_read_back()
    {
        var read = RecordFormat.RecordOf(Consumed(RecordFormat.MessageOf(Full)), out var reason).ShouldNotBeNull();

        reason.ShouldBeNull();
        read.Position.ShouldBe(99);
        EnvelopeOf(read).ShouldBe(EnvelopeOf(Full));
        read.Data.ToArray().ShouldBe(Full.Data.ToArray());
        RecordFormat.IdentityOf(Consumed(RecordFormat.MessageOf(Full))).ShouldBe((41, Full.EventId));
    }

    [Fact]
    public void Optional_headers_are_omitted()
    {
        var message = RecordFormat.MessageOf(Full);
        foreach (var name in new[] { "ce_actor", "ce_causationid", "traceparent" })
            message.Headers.Remove(name);

        var read = RecordFormat.RecordOf(Consumed(message), out _).ShouldNotBeNull();

        (read.Actor, read.CausationId, read.TraceParent).ShouldBe((null, null, null));
    }

    [Theory]
    [InlineData("ce_sequence")]
    [InlineData("ce_id")]
    [InlineData("ce_subject")]
    [InlineData("ce_streamversion")]
    [InlineData("ce_type")]
    [InlineData("ce_time")]
    public void Record_without_a_required_header_is_invalid(string name)
    {
        var without = RecordFormat.MessageOf(Full);
        without.Headers.Remove(name);
        var withNull = RecordFormat.MessageOf(Full);
        withNull.Headers.Remove(name);
        withNull.Headers.Add(name, null);

        Foreign(without).ShouldBe($"it has no {name}");
        Foreign(withNull).ShouldBe($"it has no {name}");
    }

    [Theory]
    [InlineData("ce_sequence", "-1")]
    [InlineData("ce_sequence", "12x")]
    [InlineData("ce_sequence", "99999999999999999999")]
    [InlineData("ce_id", "nobody")]
    [InlineData("ce_subject", "")]
    [InlineData("ce_time", "yesterday")]
    [InlineData("ce_time", "2026-13-31T09:30:00.123456Z")]
    public void Record_with_a_malformed_header_is_invalid(string name, string value)
    {
        var message = RecordFormat.MessageOf(Full);
        message.Headers.Remove(name);
        message.Headers.Add(name, Encoding.UTF8.GetBytes(value));

        Foreign(message).ShouldBe($"it has no {name}");
    }

    [Theory]
    [InlineData("2026-01-31T09:30:00.123456Z", 1_234_560)]
    [InlineData("2026-01-31T09:30:00Z", 0)]
    [InlineData("2026-01-31T10:30:00.123456+01:00", 1_234_560)]
    [InlineData("2026-01-31T09:30:00.1234560Z", 1_234_560)]
    public void All_time_formats_are_read(string written, long ticks)
    {
        var message = RecordFormat.MessageOf(Full);
        message.Headers.Remove("ce_time");
        message.Headers.Add("ce_time", Encoding.UTF8.GetBytes(written));

        RecordFormat.RecordOf(Consumed(message), out _).ShouldNotBeNull().OccurredAt
            .ShouldBe(new DateTimeOffset(2026, 1, 31, 9, 30, 0, TimeSpan.Zero).AddTicks(ticks));
    }

    [Fact]
    public void Optional_header_may_be_null()
    {
        var message = RecordFormat.MessageOf(Full);
        foreach (var name in new[] { "ce_actor", "ce_causationid", "ce_correlationid", "traceparent" })
        {
            message.Headers.Remove(name);
            message.Headers.Add(name, null);
        }

        RecordFormat.RecordOf(Consumed(message), out _).ShouldNotBeNull().Actor.ShouldBeNull();
    }

    [Fact]
    public void Tombstone_and_empty_record_are_invalid()
    {
        var tombstone = RecordFormat.MessageOf(Full);
        tombstone.Value = null!;
        Foreign(tombstone).ShouldBe("it has no value");
        Foreign(new Message<byte[], byte[]> { Headers = [] }).ShouldBe("it has no ce_sequence");
        RecordFormat.IdentityOf(Consumed(new Message<byte[], byte[]>())).ShouldBe((null, null));
    }

    private static string? Foreign(Message<byte[], byte[]> message)
    {
        RecordFormat.RecordOf(Consumed(message), out var reason).ShouldBeNull();
        return reason;
    }

    private static ConsumeResult<byte[], byte[]> Consumed(Message<byte[], byte[]> message) =>
        new() { Topic = "shop.events", Partition = 3, Offset = 99, Message = message };

    private static object[] EnvelopeOf(LogRecord record) =>
    [
        record.Log, record.Partition, record.Offset, record.EventId, record.StreamId, record.StreamVersion, record.Type,
        record.OccurredAt, record.Actor!, record.CorrelationId, record.CausationId!, record.TraceParent!,
    ];
}
