using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Domain.Json;
using Monolith.BuildingBlocks.Events;
using Monolith.Testing;
using Monolith.Testing.Golden;

namespace Monolith.Events.Tests;

/// <summary>The check of published events reports faults.</summary>
[Trait("Category", "Unit")]
public sealed partial class GoldenEventsTests : IDisposable
{
    private const string Shape =
        """
        id: uuid
        note: text, or null
        count: whole number (32 bits), or null
        parts: list
        parts[]: object
        parts[].weight: decimal
        parts[].label: text, or null

        """;

    private readonly TemporaryFolder folder = new();

    [Fact]
    public void Matching_files_have_no_faults()
    {
        Write("shop.packed.v2.json", "{}");
        Write("shop.packed.v2.shape", Shape);
        Write("shop.packed.v1.json", """{"id":"0198c0f0-1111-7222-8333-444455556666"}""");

        Faults().ShouldBeEmpty();
        Golden().Read("shop.packed.v1").ShouldBeOfType<Packed>().Note.ShouldBe("from v1");
    }

    [Fact]
    public void Event_without_files_is_reported() =>
        Faults().Select(fault => fault.Split('\n')[0]).ShouldBe(
        [
            "shop.packed.v2 has no golden file: commit Golden/shop.packed.v2.json with the data of one event as it is stored, "
            + "and its expected record in the test.",
            "shop.packed.v2 has no shape: commit Golden/shop.packed.v2.shape with",
        ]);

    [Theory]
    [InlineData("note: text, or null", "note: text")]
    [InlineData("note: text", "remark: text")]
    [InlineData("parts[].weight: decimal", "parts[].weight: whole number (32 bits)")]
    [InlineData("parts[].weight: decimal\n", "")]
    public void Edited_record_is_reported_with_a_repair(string now, string published)
    {
        Write("shop.packed.v2.json", "{}");
        Write("shop.packed.v2.shape", Shape.Replace(now, published, StringComparison.Ordinal));

        var fault = Faults().ShouldHaveSingleItem();

        fault.ShouldContain("Packed is not what was published as shop.packed.v2. A published record is never edited");
        fault.ShouldContain("""name the record shop.packed.v3""");
        fault.ShouldContain("""[Upcasts("shop.packed.v2")]""");
    }

    [Fact]
    public void Unreadable_version_is_reported()
    {
        Write("shop.packed.v2.json", "{}");
        Write("shop.packed.v2.shape", Shape);
        Write("shop.packed.v0.json", "{}");

        Faults().ShouldHaveSingleItem().ShouldStartWith("shop.packed.v0 was published and cannot be read any more");
    }

    public void Dispose() => folder.Dispose();

    private GoldenEvents Golden() => new(new EventCatalogue("shop.events", PackedJson.Contracts, [typeof(Packed)]), folder.Path);

    private IReadOnlyList<string> Faults() => Golden().Faults();

    private void Write(string name, string text) => File.WriteAllText(folder.Below(name), text);

    [EventType("shop.packed.v2")]
    internal sealed record Packed(Guid Id, string? Note, int? Count, IReadOnlyList<Part> Parts) : IEvent
    {
        [Upcasts("shop.packed.v1")]
        internal static JsonObject FromV1(JsonObject old)
        {
            old["note"] = "from v1";
            old["parts"] = new JsonArray();
            return old;
        }
    }

    internal sealed record Part(decimal Weight, string? Label);

    [JsonSerializable(typeof(Packed))]
    internal sealed partial class PackedJson : JsonSerializerContext
    {
        public static PackedJson Contracts { get; } = new(EventJson.NewOptions());
    }
}
