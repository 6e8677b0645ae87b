using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Domain.Json;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Projections.Contract.Sample;

namespace Monolith.Events.Tests;

[Trait("Category", "Unit")]
public sealed partial class EventCatalogueTests
{
    private readonly EventCatalogue shop = SampleCatalogues.Shop();

    [Fact]
    public void Type_names_map_to_records()
    {
        shop.NameOf(typeof(Counted)).ShouldBe("shop.counted.v1");
        shop.Knows("shop.named.v1").ShouldBeTrue();
        shop.Knows("shop.named.v2").ShouldBeFalse();
        shop.Definitions.Count.ShouldBe(3);
        shop.Intern(new string("shop.counted.v1".ToCharArray())).ShouldBeSameAs(shop.Intern("shop.counted.v1"));
        shop.Intern("shop.unheard-of.v1").ShouldBe("shop.unheard-of.v1");
    }

    [Fact]
    public void Written_record_is_read_back()
    {
        var named = new Named(Guid.NewGuid(), "Zoë 😀 \"<&>\" 日本");

        var read = shop.Decode(SampleRecords.Of(named, 3));

        read.Data.ShouldBe(named);
        read.StreamVersion.ShouldBe(4);
        shop.Serialize(named).ShouldBe($$"""{"counterId":"{{named.CounterId}}","name":"Zoë 😀 \"<&>\" 日本"}""");
    }

    [Fact]
    public void Event_without_a_type_name_is_refused() => Refused("The event Nameless has no [EventType]", typeof(Nameless));

    [Fact]
    public void Duplicate_type_name_is_refused() =>
        Refused("The type name shop.counted.v1 stands for more than one event", typeof(Counted), typeof(AlsoCounted));

    [Fact]
    public void Event_outside_the_JSON_context_is_refused() => Refused("The event Forgotten is not in OddJson", typeof(Forgotten));

    [Fact]
    public void Event_of_another_log_is_refused()
    {
        Should.Throw<InvalidOperationException>(() => shop.NameOf(typeof(Stocked))).Message
            .ShouldBe("Stocked is not an event of shop.events.");
        Should.Throw<InvalidOperationException>(() => shop.Serialize(new Stocked(Guid.NewGuid(), 1))).Message
            .ShouldBe("Stocked is not an event of shop.events.");
    }

    [Theory]
    [InlineData("shop.unheard-of.v1", "{}", "this binary does not know the type")]
    [InlineData("shop.counted.v1", "null", "its data is null")]
    [InlineData("shop.counted.v1", "", "its data does not fit the type")]
    [InlineData("shop.counted.v1", "[1]", "its data does not fit the type")]
    [InlineData("shop.counted.v1", """{"counterId":"secret"}""", "its data does not fit the type")]
    public void Unreadable_event_is_reported_without_its_data(string type, string data, string reason)
    {
        var record = SampleRecords.Raw(type, data, 41, 2);

        var unreadable = Should.Throw<UnreadableEventException>(() => shop.Decode(record));

        var hint = reason.EndsWith("type", StringComparison.Ordinal) && data == "{}" ? " (an older binary after a rollback?)" : "";
        unreadable.Message.ShouldBe(
            $"The event {record.EventId} ({type}, shop.events partition 2 offset 41) cannot be read: {reason}{hint}.");
        unreadable.Message.ShouldNotContain("secret");
    }

    [Fact]
    public void Personal_fields_are_found_on_parameters_and_on_properties()
    {
        shop.Definitions.Single(definition => definition.Type == typeof(Named)).PersonalFields.ShouldBe(["name"]);
        shop.Definitions.Single(definition => definition.Type == typeof(Counted)).PersonalFields.ShouldBeEmpty();
        new EventCatalogue("odd.events", OddJson.Contracts, [typeof(PersonalProperty)]).Definitions.Single().PersonalFields
            .ShouldBe(["nickName"]);
    }

    [Fact]
    public void Events_of_a_JSON_context_are_found() =>
        new EventCatalogue("shop.events", SampleJson.Contracts).Definitions.Select(definition => definition.Name)
            .ShouldContain("shop.counted.v1");

    private static void Refused(string reason, params Type[] events) =>
        Should.Throw<InvalidOperationException>(() => new EventCatalogue("odd.events", OddJson.Contracts, events)).Message
            .ShouldContain(reason);

    internal sealed record Nameless(int Number) : IEvent;

    [EventType("shop.counted.v1")]
    internal sealed record AlsoCounted(int Number) : IEvent;

    [EventType("odd.forgotten.v1")]
    internal sealed record Forgotten(int Number) : IEvent;

    [EventType("odd.personal.v1")]
    internal sealed record PersonalProperty : IEvent
    {
        [Personal]
        public string NickName { get; init; } = "";

        public string Public { get; init; } = "";
    }

    [JsonSerializable(typeof(Counted))]
    [JsonSerializable(typeof(Nameless))]
    [JsonSerializable(typeof(AlsoCounted))]
    [JsonSerializable(typeof(PersonalProperty))]
    internal sealed partial class OddJson : JsonSerializerContext
    {
        public static OddJson Contracts { get; } = new(EventJson.NewOptions());
    }
}
