using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Domain.Json;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Reactors;

namespace Monolith.Events.Tests;

/// <summary>Older versions of an event are read as its newest, and stay as they are stored.</summary>
[Trait("Category", "Unit")]
public sealed partial class EventVersionTests
{
    private static readonly EventCatalogue Catalogue = Of(typeof(Moved), typeof(Left));

    [Theory]
    [InlineData("shop.moved.v1", """{"place":"Berlin, DE"}""")]
    [InlineData("shop.moved.v2", """{"city":"Berlin","country":"de"}""")]
    [InlineData("shop.moved.v3", """{"city":"Berlin","country":"DE","floor":0}""")]
    public void Every_version_is_read_as_the_newest(string type, string data)
    {
        var stored = SampleRecords.Raw(type, data, 7);

        var read = Catalogue.Decode(stored);

        read.Data.ShouldBe(new Moved("Berlin", "DE", 0));
        read.Envelope.ShouldBeSameAs(stored);
        stored.Type.ShouldBe(type);
        System.Text.Encoding.UTF8.GetString(stored.Data.Span).ShouldBe(data);
    }

    [Fact]
    public void Writers_write_the_newest() => Catalogue.NameOf(typeof(Moved)).ShouldBe("shop.moved.v3");

    [Fact]
    public void Older_names_are_known_and_interned()
    {
        Catalogue.Knows("shop.moved.v1").ShouldBeTrue();
        Catalogue.Intern(new string("shop.moved.v1".ToCharArray())).ShouldBeSameAs(Catalogue.Intern("shop.moved.v1"));
        Catalogue.TypeNames.ShouldBe(["shop.moved.v1", "shop.moved.v2", "shop.moved.v3", "shop.left.v1"], ignoreOrder: true);
        Catalogue.Definitions.Select(definition => definition.Name).ShouldBe(["shop.moved.v3", "shop.left.v1"], ignoreOrder: true);
    }

    [Fact]
    public void Selection_includes_older_versions()
    {
        var source = EventSelection.Of(Catalogue, typeof(Moved));

        foreach (var version in new[] { "shop.moved.v1", "shop.moved.v2", "shop.moved.v3" })
            source.Wants(version).ShouldBeTrue(version);
        source.Wants("shop.moved.v4").ShouldBeTrue("a newer version wrote it: skipping it would lose it");
        source.Wants("shop.removed.v1").ShouldBeFalse();
        source.Wants("shop.left.v1").ShouldBeFalse();
        EventSelection.Of(Catalogue).Wants("shop.anything.v1").ShouldBeTrue("a fold without named types reads all");
    }

    [Fact]
    public void Reactor_handles_older_versions()
    {
        var services = new ServiceCollection().AddKeyedSingleton("shop.events", Catalogue);

        var source = ReactorDefinition.Of("shop.mover", new Mover(), services).Sources.ShouldHaveSingleItem();

        foreach (var version in new[] { "shop.moved.v1", "shop.moved.v2", "shop.moved.v3", "shop.moved.v4" })
            source.Wants(version).ShouldBeTrue(version);
        source.Wants("shop.left.v1").ShouldBeFalse();
    }

    [Fact]
    public void Version_without_upcaster_is_unknown()
    {
        Catalogue.Knows("shop.moved.v4").ShouldBeFalse();
        Should.Throw<UnreadableEventException>(() => Catalogue.Decode(SampleRecords.Raw("shop.moved.v4", "{}", 0))).Message
            .ShouldContain("does not know the type");
    }

    [Theory]
    [InlineData("null", "its data is null")]
    [InlineData("[1]", "its data does not fit the type")]
    [InlineData("", "its data does not fit the type")]
    [InlineData("""{"place":"secret"}""", "it cannot be brought to shop.moved.v3")]
    [InlineData("""{"place":17}""", "it cannot be brought to shop.moved.v3")]
    public void Unreadable_older_event_is_reported_without_its_data(string data, string reason)
    {
        var unreadable = Should.Throw<UnreadableEventException>(() => Catalogue.Decode(SampleRecords.Raw("shop.moved.v1", data, 41, 2)));

        unreadable.Message.ShouldContain("shop.moved.v1, shop.events partition 2 offset 41");
        unreadable.Message.ShouldContain(reason);
        unreadable.Message.ShouldNotContain("secret");
    }

    [Fact]
    public void Two_upcasters_of_one_version_are_refused() =>
        Refused("shop.twice.v1 has two upcasters", typeof(Twice));

    [Fact]
    public void Circular_upcasters_are_refused() =>
        Refused(
            "The upcasters from shop.round.v1 lead in a circle: shop.round.v1 to shop.round.v2, shop.round.v2 to shop.round.v1.",
            typeof(Round));

    [Fact]
    public void Upcaster_to_an_unknown_version_is_refused() =>
        Refused("end at shop.astray.v2, which is neither an event nor has an upcaster", typeof(Astray));

    [Fact]
    public void Older_version_with_a_record_is_refused() =>
        Refused("shop.kept.v1 has an upcaster to shop.kept.v2, and the record KeptOld as well", typeof(Kept), typeof(KeptOld));

    [Theory]
    [InlineData(typeof(NotStatic))]
    [InlineData(typeof(OtherForm))]
    public void Upcaster_with_another_signature_is_refused(Type record) => Refused("so it must be: static JsonObject", record);

    private static EventCatalogue Of(params Type[] events) => new("shop.events", VersionsJson.Contracts, events);

    private static void Refused(string reason, params Type[] events) =>
        Should.Throw<InvalidOperationException>(() => Of(events)).Message.ShouldContain(reason);

    private sealed class Mover : Reactor
    {
        public Mover() => On<Moved>((_, _, _) => Task.CompletedTask);
    }

    [EventType("shop.moved.v3")]
    internal sealed record Moved(string City, string Country, int Floor) : IEvent
    {
        [Upcasts("shop.moved.v1", To = "shop.moved.v2")]
        internal static JsonObject FromV1(JsonObject old)
        {
            var parts = ((string)old["place"]!).Split(", ");
            return new JsonObject { ["city"] = parts[0], ["country"] = parts[1] };
        }

        [Upcasts("shop.moved.v2")]
        internal static JsonObject FromV2(JsonObject old)
        {
            old["country"] = ((string)old["country"]!).ToUpperInvariant();
            old["floor"] = 0;
            return old;
        }
    }

    [EventType("shop.left.v1")]
    internal sealed record Left(string City) : IEvent;

    [EventType("shop.twice.v2")]
    internal sealed record Twice(int Number) : IEvent
    {
        [Upcasts("shop.twice.v1")]
        internal static JsonObject One(JsonObject old) => old;

        [Upcasts("shop.twice.v1")]
        internal static JsonObject Other(JsonObject old) => old;
    }

    [EventType("shop.round.v3")]
    internal sealed record Round(int Number) : IEvent
    {
        [Upcasts("shop.round.v1", To = "shop.round.v2")]
        internal static JsonObject There(JsonObject old) => old;

        [Upcasts("shop.round.v2", To = "shop.round.v1")]
        internal static JsonObject Back(JsonObject old) => old;
    }

    [EventType("shop.astray.v3")]
    internal sealed record Astray(int Number) : IEvent
    {
        [Upcasts("shop.astray.v1", To = "shop.astray.v2")]
        internal static JsonObject Away(JsonObject old) => old;
    }

    [EventType("shop.kept.v2")]
    internal sealed record Kept(int Number) : IEvent
    {
        [Upcasts("shop.kept.v1")]
        internal static JsonObject FromV1(JsonObject old) => old;
    }

    [EventType("shop.kept.v1")]
    internal sealed record KeptOld(int Number) : IEvent;

    [EventType("shop.not-static.v2")]
    internal sealed record NotStatic(int Number) : IEvent
    {
        [Upcasts("shop.not-static.v1")]
        public JsonObject FromV1(JsonObject old) => Number > 0 ? old : [];
    }

    [EventType("shop.other-form.v2")]
    internal sealed record OtherForm(int Number) : IEvent
    {
        [Upcasts("shop.other-form.v1")]
        public static string FromV1(string old) => old;
    }

    [JsonSerializable(typeof(Moved))]
    [JsonSerializable(typeof(Left))]
    [JsonSerializable(typeof(Twice))]
    [JsonSerializable(typeof(Round))]
    [JsonSerializable(typeof(Astray))]
    [JsonSerializable(typeof(Kept))]
    [JsonSerializable(typeof(KeptOld))]
    [JsonSerializable(typeof(NotStatic))]
    [JsonSerializable(typeof(OtherForm))]
    internal sealed partial class VersionsJson : JsonSerializerContext
    {
        public static VersionsJson Contracts { get; } = new(EventJson.NewOptions());
    }
}
