namespace Monolith.Modules.Search.Text;

/// <summary>A word of a text, folded, with its place in the text.</summary>
/// <param name="Text">The folded word.</param>
/// <param name="Start">Where it begins in the text.</param>
/// <param name="End">Where it ends in the text, exclusive.</param>
/// <param name="IsCharacter">Whether it is one character of a script that is searched by characters.</param>
/// <param name="Follows">Whether nothing parts it from the token before it.</param>
internal readonly record struct Token(string Text, int Start, int End, bool IsCharacter, bool Follows);
