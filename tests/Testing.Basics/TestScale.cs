namespace Monolith.Testing;

/// <summary>
/// The scale of the random and chaos tests: full counts with <c>MONOLITH_TEST_LONG=1</c> (<c>./test long</c>), a fifth otherwise.
/// </summary>
public static class TestScale
{
    private const int ShortPart = 5;

    /// <summary>Whether the tests run at their full counts.</summary>
    public static bool IsLong { get; } = Environment.GetEnvironmentVariable("MONOLITH_TEST_LONG") == "1";

    /// <summary>The scaled count, at least one.</summary>
    /// <param name="full">The full count.</param>
    public static int Of(int full) => IsLong ? full : Math.Max(1, full / ShortPart);
}
