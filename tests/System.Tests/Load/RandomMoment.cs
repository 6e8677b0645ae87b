namespace Monolith.System.Tests.Load;

/// <summary>A random moment. Tests act at this moment and do not rely on anything having happened before it.</summary>
internal static class RandomMoment
{
    public static Task Within(TimeSpan span, Random random) => Task.Delay(random.NextDouble() * span);
}
