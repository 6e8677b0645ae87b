namespace Monolith.Architecture.Tests;

/// <summary>One type depends on another.</summary>
internal sealed record TypeUse(string Type, string Target)
{
    public override string ToString() => $"{Type} -> {Target}";
}
