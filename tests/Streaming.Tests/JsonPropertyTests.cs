using System.Text;
using Monolith.BuildingBlocks.Streaming.Messages;

namespace Monolith.Streaming.Tests;

[Trait("Category", "Unit")]
public sealed class JsonPropertyTests
{
    private const string Id = "0197a1b2-0000-7000-8000-000000000001";

    [Theory]
    [InlineData($$"""{"customerId":"{{Id}}"}""", true)]
    [InlineData($$"""{"a":{"customerId":"00000000-0000-0000-0000-000000000000"},"b":[1,{"c":2} ],"customerId":"{{Id}}"}""", true)]
    [InlineData($$"""{"a":{"customerId":"{{Id}}"} }""", false)]
    [InlineData("""{"customerId":7}""", false)]
    [InlineData("""{"customerId":"nobody"}""", false)]
    [InlineData("""["customerId"]""", false)]
    [InlineData("7", false)]
    [InlineData("{", false)]
    public void Only_a_top_level_id_is_read(string json, bool found) =>
        JsonProperty.IdIn(Encoding.UTF8.GetBytes(json), "customerId").ShouldBe(found ? Guid.Parse(Id) : null);
}
