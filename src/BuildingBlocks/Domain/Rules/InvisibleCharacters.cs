namespace Monolith.BuildingBlocks.Domain.Rules;

/// <summary>
/// Characters that are invisible although their categories do not show it: joiners, fillers, variation selectors, tags.
/// Source: the property Default_Ignorable_Code_Point of the Unicode Character Database (DerivedCoreProperties.txt, version 17.0), which
/// includes code points that are reserved for such characters; and symbols that are drawn as blanks.
/// </summary>
internal static class InvisibleCharacters
{
    private const int BrailleBlank = 0x2800;
    private const int NullNoteHead = 0x1D159;

    private static readonly (int First, int Last)[] DefaultIgnorable =
    [
        (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
        (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
        (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
    ];

    public static bool Contains(int codePoint)
    {
        if (codePoint is BrailleBlank or NullNoteHead)
            return true;
        foreach (var (first, last) in DefaultIgnorable)
        {
            if (codePoint <= last)
                return codePoint >= first;
        }

        return false;
    }
}
