using System.Text;
using Monolith.BuildingBlocks.Web.Requests;
using Monolith.Testing;

namespace Monolith.Web.Tests;

[Trait("Category", "Unit")]
public sealed class HeaderTextTests
{
    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("Jürgen")]
    [InlineData("日本語 😀")]
    public void UTF8_is_read_unchanged(string text) =>
        HeaderText.Encoding.GetString(Encoding.UTF8.GetBytes(text)).ShouldBe(text);

    [Theory]
    [InlineData("Jürgen")]
    [InlineData("éàç")]
    [InlineData("ü")]
    [InlineData("Åé")]
    [InlineData("a long text with one letter at its end: ß")]
    public void Other_bytes_are_read_as_Latin1(string text) =>
        HeaderText.Encoding.GetString(Encoding.Latin1.GetBytes(text)).ShouldBe(text);

    [Fact]
    public void Any_bytes_become_text()
    {
        var seed = TestSeed.Next();
        TestContext.Current.TestOutputHelper?.WriteLine(TestSeed.Shown(seed));
        var random = new Random(seed);
        for (var i = 0; i < 10_000; i++)
        {
            var bytes = new byte[random.Next(40)];
            random.NextBytes(bytes);

            var text = HeaderText.Encoding.GetString(bytes);

            HeaderText.Encoding.GetCharCount(bytes).ShouldBe(text.Length);
            text.Length.ShouldBeLessThanOrEqualTo(bytes.Length);
        }
    }
}
