using Monolith.BuildingBlocks.Events.Consistency;
using Monolith.Testing;

namespace Monolith.Events.Tests;

[Trait("Category", "Unit")]
public sealed class ConsistencyTokenTests
{
    private const int Tries = 2_000;

    [Theory]
    [InlineData("customers.events", 0, 1)]
    [InlineData("orders.events", 31, 10_000_000)]
    [InlineData("x", int.MaxValue, long.MaxValue)]
    [InlineData("", 0, 0)]
    public void Offset_round_trips(string log, int partition, long offset)
    {
        var expected = new LogOffset(log, partition, offset);

        var token = ConsistencyToken.Of(expected);

        ConsistencyToken.TryParse(token, out var read).ShouldBeTrue(token);
        read.ShouldBe(expected);
        token.ShouldAllBe(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-' || letter == '_');
    }

    [Fact]
    public void Token_is_short() => ConsistencyToken.Of(new LogOffset("customers.events", 31, 1_000_000)).Length.ShouldBeLessThan(48);

    [Fact]
    public void Damaged_token_is_refused()
    {
        var seed = TestSeed.Next();
        var random = new Random(seed);
        var token = ConsistencyToken.Of(new LogOffset("customers.events", 3, 4711));
        for (var length = 0; length < token.Length; length++)
            ConsistencyToken.TryParse(token.AsSpan(0, length), out _).ShouldBeFalse(token[..length]);
        for (var i = 0; i < Tries; i++)
        {
            var damaged = token.ToCharArray();
            damaged[random.Next(damaged.Length)] = (char)random.Next(1, 300);
            var text = new string(damaged);
            if (ConsistencyToken.TryParse(text, out var read))
                ConsistencyToken.Of(read).ShouldBe(token, $"{text} ({TestSeed.Shown(seed)})");
        }
    }
}
