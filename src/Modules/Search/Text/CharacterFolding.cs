using System.Globalization;
using System.Text;

namespace Monolith.Modules.Search.Text;

/// <summary>
/// What each character becomes before it is searched: small, without accents, in the letters that most keyboards have. It comes from <c>Folding.txt</c>, not from the libraries of the machine, so that
/// every host folds alike; another table means another version of the projections.
/// </summary>
internal static class CharacterFolding
{
    private const int CodePoints = 0x110000;
    private const int PageBits = 8;
    private const int PageSize = 1 << PageBits;

    private static readonly string?[]?[] Pages = Load();

    /// <summary>What a character becomes: nothing where it joins what is around it; null where it stays as it is.</summary>
    public static string? Of(Rune character) => Pages[character.Value >> PageBits]?[character.Value & (PageSize - 1)];

    private static string?[]?[] Load()
    {
        var pages = new string?[]?[CodePoints >> PageBits];
        using var lines = new StreamReader(typeof(CharacterFolding).Assembly.GetManifestResourceStream("Folding.txt")!, Encoding.UTF8);
        while (lines.ReadLine() is { } line)
        {
            var end = line.IndexOf(' ', StringComparison.Ordinal);
            var code = int.Parse(end < 0 ? line : line.AsSpan(0, end), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            (pages[code >> PageBits] ??= new string?[PageSize])[code & (PageSize - 1)] = end < 0 ? "" : line[(end + 1)..];
        }

        return pages;
    }
}
