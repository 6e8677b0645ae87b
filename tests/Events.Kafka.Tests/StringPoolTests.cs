using System.Text;
using CsCheck;
using Monolith.BuildingBlocks.Events.Kafka;

namespace Monolith.Events.Kafka.Tests;

[Trait("Category", "Unit")]
public sealed class StringPoolTests
{
    private readonly StringPool texts = new();

    [Fact]
    public void Equal_bytes_share_one_string()
    {
        string[] names =
        [
            "customer.registered.v1",
            "customer.renamed.v1",
            "customer.email-changed.v1",
            "customer.deactivated.v1",
            "customer.reactivated.v1",
            "Zoë",
            "",
        ];

        foreach (var name in names)
            Of(name).ShouldBeSameAs(Of(name));
    }

    [Fact]
    public void Text_matches_its_bytes_after_any_others() =>
        Gen.String[0, 80].Array[1, 600].Sample(all =>
        {
            foreach (var text in all.Concat(all))
                Of(text).ShouldBe(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)));
        });

    private string Of(string text) => texts.Of(Encoding.UTF8.GetBytes(text));
}
