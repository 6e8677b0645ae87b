using System.Globalization;
using System.Text;

namespace Monolith.Modules.Search.Application.Text;

/// <summary>
/// Folds characters to lower case without accents, by the table <c>Folding.txt</c>. The table is independent of the ICU version of the
/// machine, so all hosts fold alike. A change of the table requires a new version of the projections.
/// </summary>
internal static class CharacterFolding
{
    private const int CodePoints = 0x110000;
    private const int PageBits = 8;
    private const int PageSize = 1 << PageBits;

    private static readonly string?[]?[] Pages = Load();

    /// <summary>The folded character: empty if it is dropped, null if it does not change.</summary>
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
