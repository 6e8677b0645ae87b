namespace Monolith.System.Tests.Load;

/// <summary>A moment that nobody chose: what is done then is tested, not what has happened by then.</summary>
internal static class RandomMoment
{
    public static Task Within(TimeSpan span, Random random) => Task.Delay(random.NextDouble() * span);
}
