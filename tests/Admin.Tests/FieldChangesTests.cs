using System.Text.Json;
using Monolith.BuildingBlocks.Admin.Streams;

namespace Monolith.Admin.Tests;

[Trait("Category", "Unit")]
public sealed class FieldChangesTests
{
    [Theory]
    [InlineData("""{"a":1}""", """{"a":1}""", "")]
    [InlineData("""{"a":1}""", """{"a":2}""", "a: 1 > 2")]
    [InlineData("""{"a":1}""", """{"a":"1"}""", "a: 1 > \"1\"")]
    [InlineData("""{"a":12.50}""", """{"a":12.5}""", "")]
    [InlineData("""{"a":1,"version":1,"changedAt":"x"}""", """{"a":1,"version":2,"changedAt":"y"}""", "")]
    [InlineData("""{"a":{"version":1}}""", """{"a":{"version":2}}""", "a.version: 1 > 2")]
    [InlineData("""{"a":null}""", """{}""", "")]
    [InlineData("""{}""", """{"a":null,"b":false}""", "b: null > false")]
    [InlineData("""{"a":1}""", """{"a":null}""", "a: 1 > null")]
    [InlineData("""{"a":{"b":{"c":1,"d":2}}}""", """{"a":{"b":{"c":3,"d":2}}}""", "a.b.c: 1 > 3")]
    [InlineData("""{"a":{"b":1}}""", """{"a":null}""", "a.b: 1 > null")]
    [InlineData("""{"a":1}""", """{"a":{"b":2}}""", "a: 1 > {\"b\":2}")]
    [InlineData("""{"a":[{"b":1},{"b":2}]}""", """{"a":[{"b":1},{"b":3}]}""", "a[1].b: 2 > 3")]
    [InlineData("""{"a":[1,2]}""", """{"a":[1]}""", "a: [1,2] > [1]")]
    [InlineData("""{"a":[1,null]}""", """{"a":[null,1]}""", "a[0]: 1 > null; a[1]: null > 1")]
    [InlineData("""{"a":1,"b":2}""", """{"b":3,"c":4}""", "b: 2 > 3; c: null > 4; a: 1 > null")]
    public void Changed_fields_are_named_by_their_path(string before, string after, string changes) =>
        Text(FieldChanges.Between(JsonElement.Parse(before), JsonElement.Parse(after))).ShouldBe(changes);

    [Fact]
    public void First_state_is_compared_with_nothing()
    {
        var state = JsonElement.Parse("""{"a":1,"b":{"c":2},"d":[3],"e":null,"version":1}""");

        Text(FieldChanges.Between(null, state)).ShouldBe("a: null > 1; b.c: null > 2; d: null > [3]");
        Text(FieldChanges.Between(state, null)).ShouldBe("a: 1 > null; b.c: 2 > null; d: [3] > null");
        FieldChanges.Between(null, null).ShouldBeEmpty();
    }

    private static string Text(IEnumerable<FieldChange> changes) =>
        string.Join("; ", changes.Select(change => $"{change.Field}: {Text(change.Before)} > {Text(change.After)}"));

    private static string Text(JsonElement? value) => value?.GetRawText() ?? "null";
}
